import { formatIpAddress, parseIpAddress } from '../../../core/x509/ip-address.ts';
import { AcmeProblem, malformed, type Subproblem } from '../problems.ts';
import { parseDnsIdentifier, type Parsed } from './dns-identifier.ts';
import { identifierKey, type Identifier } from './identifier.ts';

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
  return new AcmeProblem(
    first?.type ?? 'rejectedIdentifier',
    `${first?.detail ?? ''}${rest > 0 ? ` So are ${rest} more.` : ''}`,
    'Order certificates for names that this directory allows.',
    { subproblems },
  );
}

/** Identifiers as they are stored, or one problem about all that cannot be. Each may be asked for once. */
export function parseIdentifiers(
  asked: readonly { readonly type: string; readonly value: string }[],
): readonly Identifier[] {
  const found = new Map<string, Identifier>();
  const refused: Subproblem[] = [];
  for (const { type, value } of asked) {
    const parse = Object.hasOwn(parsers, type) ? parsers[type] : undefined;
    // The type is repeated to the client as it was sent, which the type system cannot know.
    const echo = { type: type.slice(0, 40), value: value.slice(0, 255) } as Identifier;
    if (parse === undefined) {
      refused.push(refusal('unsupportedIdentifier', echo, `its type is "${echo.type}", not dns or ip`));
      continue;
    }
    const parsed = parse(value);
    if ('fault' in parsed) refused.push(refusal('rejectedIdentifier', echo, parsed.fault));
    else if (found.has(identifierKey(parsed.identifier))) throw malformed(`"${echo.value}" stands there twice.`);
    else found.set(identifierKey(parsed.identifier), parsed.identifier);
  }
  if (refused.length > 0) throw identifierProblem(refused);
  return [...found.values()];
}
