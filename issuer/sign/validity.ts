/** Two dates of a certificate, seconds since the epoch, both included (RFC 5280 §4.1.2.5). */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface ValidityRules {
  /** Seconds: at least, when nobody asked, and at most. */
  readonly lifetime: { readonly min: number; readonly default: number; readonly max: number };
  readonly backdate: number;
  /** The issuing CA's own dates: nothing it signs may outlive it. */
  readonly issuer: Validity;
}

/**
 * The dates of a certificate made now. What an order asked for is kept to exactly; where it asked for nothing, it is
 * valid since a little before now, for clocks that are behind, and not beyond its CA.
 */
export function chooseValidity(
  now: number,
  asked: { readonly notBefore: number | null; readonly notAfter: number | null },
  { lifetime, backdate, issuer }: ValidityRules,
): Validity {
  const notBefore = asked.notBefore ?? Math.max(now - backdate, issuer.notBefore);
  const notAfter = asked.notAfter ?? Math.min(notBefore + lifetime.default - 1, issuer.notAfter);
  return { notBefore, notAfter };
}

/** How far from now an order may put its notBefore (BR 7.1.2.7, leaf-not-before-window), in seconds. */
const notBeforeWindow = 2 * 86_400;

/**
 * Why the dates that an order asks for cannot be had, or undefined. An order may be finalized a while after it was placed: when
 * it is placed, `reserve` seconds of the window are kept for that.
 */
export function askedValidityFault(
  now: number,
  asked: { readonly notBefore: number | null; readonly notAfter: number | null },
  rules: ValidityRules,
  reserve = 3600,
): string | undefined {
  const { notBefore, notAfter } = chooseValidity(now, asked, rules);
  const { lifetime, issuer } = rules;
  if (Math.abs(notBefore - now) > notBeforeWindow - reserve) return 'notBefore is not within two days of now';
  if (notAfter <= Math.max(now, notBefore)) return 'notAfter is not after notBefore and now';
  if (notBefore < issuer.notBefore || notAfter > issuer.notAfter) return 'the dates are outside those of the CA';
  if (notAfter - notBefore + 1 < lifetime.min) return `the certificate would live less than ${lifetime.min} seconds`;
  if (notAfter - notBefore + 1 > lifetime.max) return `the certificate would live longer than ${lifetime.max} seconds`;
  return undefined;
}
