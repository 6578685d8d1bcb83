/** The second reader as the transcript names it; apart from the reader, so that naming it does not load it. */
export const peculiarVersion = '@peculiar/x509 2.2.0';
