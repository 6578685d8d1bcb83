/** Where the page is: a scheme of our own, so that no address of a network or a file is ever its origin. */
export const scheme = 'app';
const host = 'coldroot';
export const pageAddress = `${scheme}://${host}/`;

/** The path of an address of our page, or undefined when it is anything else. */
export function pagePath(address: string): string | undefined {
  try {
    const url = new URL(address);
    const { protocol, username, password, port } = url;
    const ours = protocol === `${scheme}:` && url.host === host && username === '' && password === '' && port === '';
    return ours ? url.pathname : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a frame shows our page and not just a file of it. */
export function isOwnPage(address: string): boolean {
  return pagePath(address) === '/';
}
