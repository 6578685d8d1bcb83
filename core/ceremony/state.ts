import { z } from 'zod';
import type { Refusal } from '../ports/coded-error.ts';
import type { Json } from '../ports/json.ts';
import type { Approval } from '../bundle/approvals.ts';
import type { OaepHash } from '../ports/key-backup.ts';
import type { KeyAlgorithmName } from '../ports/algorithm-names.ts';
import type { ProfileType } from '../profile/profile.ts';
import type { Waiver } from '../lint/waiver.ts';
import type { Plan } from './plan-types.ts';
import type { Answer, Fact } from './prompt.ts';
import type { Role } from './roles.ts';
import type { TokenCalls } from './token-calls.ts';

/**
 * A token as it was when the ceremony began, or since it was initialised: which physical device stands for the plan's
 * name. One that is blank has no label and perhaps no serial number: people are shown words in their place.
 */
export interface BoundToken {
  readonly uri: string;
  readonly serial: string;
  readonly label: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly firmware: string;
  /** The PIN is typed on the device itself. */
  readonly keypad: boolean;
}

/** The bundle the ceremony before this one left. */
export interface PreviousBundle {
  readonly epoch: number;
  /** SHA-256 of its SHA256SUMS. */
  readonly sums: string;
  /** When it was made, in seconds since the epoch: nothing of this ceremony can be earlier. */
  readonly created?: number;
}

/** The rehearsal of a plan: the bundle that it left. */
export interface Rehearsed {
  /** SHA-256 of its SHA256SUMS. */
  readonly sums: string;
  /** When it was made, in seconds since the epoch. */
  readonly created: number;
}

/** Facts fixed when the ceremony begins; journaled in its first record. */
export interface Beginning {
  readonly plan: Plan;
  /** The plan file, as reviewed. */
  readonly planText: string;
  /** SHA-256 of the plan file's bytes. */
  readonly planHash: string;
  /** SHA-256 of the binding file: which machine and devices it was held with is not the plan's business. */
  readonly bindingHash: string;
  /** SHA-256 of all that the binding meant on the machine, PKCS#11 modules included: a resume goes on with exactly that. */
  readonly boundHash?: string;
  readonly rehearsal: boolean;
  /** Seconds since the epoch. `ceremony-day` in the plan is the UTC day on which an act is prepared: it may be a later one. */
  readonly begunAt: number;
  readonly version: string;
  readonly tokens: Readonly<Record<string, BoundToken>>;
  readonly previous: PreviousBundle | null;
  /** The rehearsal of exactly this plan, where one was shown. */
  readonly rehearsed?: Rehearsed;
}

/** A key pair the ceremony may use: generated in it, or of an earlier one (`existing` in the plan). */
export interface CeremonyKey {
  /** The plan's name for the token it is on; undefined for the key of a CSR, which is elsewhere. */
  readonly token?: string;
  /** CKA_ID, lower-case hex; unknown for keys of earlier ceremonies until they are found by SPKI. */
  readonly id?: string;
  readonly algorithm: KeyAlgorithmName;
  /** SubjectPublicKeyInfo, base64. */
  readonly spki: string;
  /** `uncertified`: of an earlier ceremony, and without a certificate then. */
  readonly origin: 'generated' | 'existing' | 'uncertified' | 'csr' | 'restored' | 'wrapping';
  /** It may leave its token wrapped: made so by the plan, and not sealed since. */
  readonly wrappable?: true;
  /** Of a wrapping key: the hash of the envelopes that are made for it. */
  readonly oaep?: OaepHash;
}

/** A certificate the next bundle will carry. */
export interface CeremonyCertificate {
  /** DER, base64. */
  readonly der: string;
  readonly type: ProfileType | 'cross';
  /** Key name of its issuer; its own for a root. */
  readonly issuedBy: string;
  /** The plan profile it was made from; absent for one taken over from the previous bundle. */
  readonly profile?: string;
  readonly waived: readonly Waiver[];
  /** Issuance policy, for intermediates. */
  readonly policy?: Json;
}

/** The newest CRL of an issuer. */
export interface CeremonyCrl {
  /** DER, base64. */
  readonly der: string;
  /** Decimal. */
  readonly number: string;
  readonly waived: readonly Waiver[];
}

/**
 * A revocation that its issuer's next CRL must list. The reasons are those a CA certificate may have (BR 7.2.2: neither
 * unspecified nor certificateHold).
 */
export const revocationSchema = z.strictObject({
  serial: z.string().regex(/^[0-9a-f]{2,42}$/u),
  revokedAt: z.int().min(0),
  reason: z.enum([
    'keyCompromise',
    'cACompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'privilegeWithdrawn',
  ]),
});
type PendingRevocation = z.infer<typeof revocationSchema>;

export interface Person {
  readonly role: Role;
  readonly name: string;
}

/** An act that is done, as the transcript shows it. */
export interface CompletedAct {
  readonly at: number;
  readonly headline: string;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly summary: readonly Fact[];
}

/** A time in which nothing was done. */
export interface Pause {
  readonly at: number;
  readonly act: number;
  readonly reason: string;
  readonly by: string;
  readonly confirmedBy?: string;
  readonly continuedBy: readonly string[];
  /** When it went on; absent while it lasts. */
  readonly until?: number;
}

/** Something that did not go as planned. `by` is empty for what the program noted itself. */
export interface Deviation {
  readonly at: number;
  readonly act: number;
  readonly what: string;
  readonly cause: string;
  readonly decision: string;
  readonly by: readonly string[];
}

/** An officer's own key and its signature over the statement of an approval; base64. */
export interface SignedApproval {
  readonly spki: string;
  readonly signature: string;
}

/** Where the current act stands. */
export interface CurrentAct {
  readonly answers: Readonly<Record<string, Answer>>;
  /** When each answer was given, in seconds since the epoch, by the prompt's id. */
  readonly answeredAt?: Readonly<Record<string, number>>;
  /** What it is about to do, written ahead. */
  readonly intent?: Json;
  /** Signatures of approvals given so far, by their number. */
  readonly approvals?: Readonly<Record<number, SignedApproval>>;
  /** Set after a crash or failure past the intent: whether it was done must be found out first. */
  readonly uncertain: boolean;
  /** What the attempt before was about to do, where the act began anew because only memory knew its secrets. */
  readonly lapsed?: Json;
  /** What was found, and what can be done about it. */
  readonly found?: { readonly facts: readonly Fact[]; readonly choices: readonly string[] };
}

/** Who can open a token: any `threshold` officers with a share of this set. */
export interface Custodians {
  readonly set: string;
  readonly threshold: number;
}

/** The whole of a ceremony, computed from its journal and from nothing else. */
export interface CeremonyState {
  readonly beginning: Beginning;
  readonly status: 'running' | 'finished' | 'aborted';
  /** Index of the current act; the number of acts when all are done. */
  readonly index: number;
  readonly current: CurrentAct;
  readonly completed: readonly CompletedAct[];
  readonly failure?: Refusal;
  /** Time of the newest record: no record may be older. */
  readonly at: number;
  readonly people: readonly Person[];
  readonly openTokens: readonly string[];
  /** Tokens whose PIN was handed out in shares during this ceremony: which set opens each, and how many shares of it. */
  readonly custodians: Readonly<Record<string, Custodians>>;
  readonly keys: Readonly<Record<string, CeremonyKey>>;
  readonly certificates: Readonly<Record<string, CeremonyCertificate>>;
  readonly crls: Readonly<Record<string, CeremonyCrl>>;
  /** Revocations no CRL lists yet, by the key name of the issuer. */
  readonly revocations: Readonly<Record<string, readonly PendingRevocation[]>>;
  /** SHA-256 of public keys that are never certified again: their certificate was revoked because they were compromised. */
  readonly compromised: readonly string[];
  readonly notes: Readonly<Record<string, string>>;
  /** SHA-256 of files that were taken in, by the name the binding gives them. */
  readonly media: Readonly<Record<string, string>>;
  readonly resumptions: number;
  /** Whose word every signature was made under, in this ceremony and those before it. */
  readonly approvals: readonly Approval[];
  /** What was asked of tokens in each act, and what they returned; by the act's index. */
  readonly tokenCalls: Readonly<Record<number, TokenCalls>>;
  readonly pauses: readonly Pause[];
  readonly deviations: readonly Deviation[];
  readonly bundle?: { readonly file: string; readonly sums: string; readonly sha256: string; readonly epoch: number };
}

/** What an act's outcome changes. */
export type StateChange = Partial<
  Pick<
    CeremonyState,
    | 'beginning'
    | 'people'
    | 'openTokens'
    | 'custodians'
    | 'keys'
    | 'certificates'
    | 'crls'
    | 'revocations'
    | 'compromised'
    | 'notes'
    | 'media'
    | 'bundle'
  >
>;
