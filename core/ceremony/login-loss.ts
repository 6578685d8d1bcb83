/** Failures after which nobody is logged in any more: every token must be opened again before the act is tried again. */
const codes: ReadonlySet<string> = new Set([
  'token-session-lost',
  'token-device-removed',
  'token-process-died',
  'token-hung',
  'token-not-logged-in',
  'token-closed',
  // A library or a process in a state that nobody knows: what is tried again must begin with a new opening.
  'token-protocol',
  'token-error',
  'token-device-error',
]);

/** True when a failure with this code means that the logins are gone. */
export function losesLogin(code: string): boolean {
  return codes.has(code);
}
