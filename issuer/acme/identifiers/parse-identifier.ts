import { formatIpAddress, parseIpAddress } from '../../../core/x509/ip-address.ts';
import { AcmeProblem, malformed, type Subproblem } from '../problems.ts';
import { parseDnsIdentifier, type Parsed } from './dns-identifier.ts';
import { identifierKey, isWildcard, type Identifier } from './identifier.ts';

/** RFC 8738 §3: the textual form of RFC 5952; other spellings are brought to it. */
function parseIpIdentifier(value: string): Parsed {
  const octets = parseIpAddress(value);
  if (octets === undefined) return { fault: 'it is not an IPv4 or IPv6 address' };
  return { identifier: { type: 'ip', value: formatIpAddress(octets) } };
}

const parsers: Readonly<Record<string, (value: string) => Parsed>> = {
  dns: parseDnsIdentifier,
  ip: parseIpIdentifier,
};

function refusal(type: 'rejectedIdentifier' | 'unsupportedIdentifier', asked: Identifier, why: string): Subproblem {
  return { type, detail: `The identifier "${asked.value}" is refused: ${why}.`, identifier: asked };
}

/** One problem for everything that is wrong with the identifiers of an order (RFC 8555 §6.7.1). */
export function identifierProblem(subproblems: readonly Subproblem[]): AcmeProblem {
  const [first] = subproblems;
  const rest = subproblems.length - 1;
  const alike = subproblems.every(({ type }) => type === first?.type);
  return new AcmeProblem(
    alike ? (first?.type ?? 'rejectedIdentifier') : 'compound',
    `${first?.detail ?? ''}${rest > 0 ? ` So are ${rest} more.` : ''}`,
    'Order certificates for names that this directory allows.',
    { subproblems },
  );
}

/** An identifier as a client writes it; `ancestorDomain` where RFC 9444 is spoken. */
export interface AskedIdentifier {
  readonly type: string;
  readonly value: string;
  readonly ancestorDomain?: string | undefined;
}

/** RFC 9444 §4.3: the domain whose control is to be proved lies above the name, and is no wildcard. */
function withAncestor({ identifier }: { readonly identifier: Identifier }, ancestor: string): Parsed {
  const parsed = parseDnsIdentifier(ancestor);
  if ('fault' in parsed) return { fault: `of its ancestor domain: ${parsed.fault}` };
  const { value } = parsed.identifier;
  const below = identifier.type === 'dns' && identifier.value.endsWith(`.${value}`);
  if (!below || isWildcard(parsed.identifier)) return { fault: 'its ancestor domain is not a domain above it' };
  return { identifier: { ...identifier, ancestorDomain: value } };
}

function parseOne({ type, value, ancestorDomain }: AskedIdentifier): Parsed | undefined {
  const parse = Object.hasOwn(parsers, type) ? parsers[type] : undefined;
  const parsed = parse?.(value);
  if (parsed === undefined || ancestorDomain === undefined || 'fault' in parsed) return parsed;
  return withAncestor(parsed, ancestorDomain);
}

/** An identifier as it is stored, however it was spelled; undefined when it is none. */
export function normalIdentifier(asked: AskedIdentifier): Identifier | undefined {
  const parsed = parseOne(asked);
  return parsed !== undefined && 'identifier' in parsed ? parsed.identifier : undefined;
}

/** Identifiers as they are stored, or one problem about all that cannot be. Each may be asked for once. */
export function parseIdentifiers(asked: readonly AskedIdentifier[]): readonly Identifier[] {
  const found = new Map<string, Identifier>();
  const refused: Subproblem[] = [];
  for (const each of asked) {
    // The type is repeated to the client as it was sent, which the type system cannot know.
    const echo = { type: each.type.slice(0, 40), value: each.value.slice(0, 255) } as Identifier;
    const parsed = parseOne(each);
    if (parsed === undefined) {
      refused.push(refusal('unsupportedIdentifier', echo, `its type is "${echo.type}", not dns or ip`));
    } else if ('fault' in parsed) refused.push(refusal('rejectedIdentifier', echo, parsed.fault));
    else if (found.has(identifierKey(parsed.identifier))) throw malformed(`"${echo.value}" stands there twice.`);
    else found.set(identifierKey(parsed.identifier), parsed.identifier);
  }
  if (refused.length > 0) throw identifierProblem(refused);
  return [...found.values()];
}
