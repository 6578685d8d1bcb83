/** What is demanded, where, and the file below test/issuer and the title in it of the test that sees to it. */
export type Clause = readonly [clause: string, demand: string, file: string, title: string];
