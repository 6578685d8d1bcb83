/** What an order asks a certificate for, normalised (RFC 8555 §7.1.3, RFC 8738): a wildcard keeps its "*." here. */
export interface Identifier {
  readonly type: 'dns' | 'ip';
  readonly value: string;
  /** The domain above it that the order proves control of instead (RFC 9444 §4.3). */
  readonly ancestorDomain?: string;
}

/** One text for one identifier: for sets and comparisons. */
export function identifierKey({ type, value }: Identifier): string {
  return `${type}:${value}`;
}

export function isWildcard({ type, value }: Identifier): boolean {
  return type === 'dns' && value.startsWith('*.');
}

/** Every name above a DNS name, nearest first. */
export function namesAbove(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

/** The name that is validated for an identifier: without "*." (RFC 8555 §7.1.3). */
export function baseName({ value }: Identifier): string {
  return value.startsWith('*.') ? value.slice(2) : value;
}
