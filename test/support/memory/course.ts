import { isDeepStrictEqual } from 'node:util';
import type { Prompt } from '../../../core/ceremony/prompt.ts';
import { replay } from '../../../core/ceremony/replay.ts';
import type { Ceremony } from '../../../core/ceremony/run.ts';
import { nodeDigest } from '../../../core/node/crypto.ts';
import { formatRefusal } from '../../../core/ports/coded-error.ts';
import { MemoryRoom } from './room.ts';

/** The root ceremony on its course: played to a point, disturbed there, and played on. */
export class Course {
  readonly room: MemoryRoom;
  ceremony: Ceremony;

  private constructor(room: MemoryRoom, ceremony: Ceremony) {
    this.room = room;
    this.ceremony = ceremony;
  }

  static async begin(plan: string, room = new MemoryRoom()): Promise<Course> {
    return new Course(room, await room.begin(plan));
  }

  /** Plays until an act asks for its first confirmation. */
  async untilConfirming(act: string): Promise<Prompt> {
    const next = await this.room.playUntil(
      this.ceremony,
      (at, name) => name === act && at.kind === 'ask' && at.prompt.id.startsWith('confirm'),
    );
    if (next.kind !== 'ask') throw new Error(`${next.kind}, not asked`);
    return next.prompt;
  }

  /** Plays until something fails; the code. */
  async untilFailure(): Promise<string> {
    const next = await this.room.playUntil(this.ceremony, () => false);
    return next.kind === 'failed' ? next.failure.code : next.kind;
  }

  /** Plays until people must decide about what was found. */
  async untilDecision(): Promise<Extract<Prompt, { kind: 'choice' }>> {
    const next = await this.room.playUntil(this.ceremony, (at) => at.kind === 'ask' && at.prompt.kind === 'choice');
    if (next.kind !== 'ask' || next.prompt.kind !== 'choice') throw new Error(`${next.kind}, no decision`);
    return next.prompt;
  }

  /** A new process takes it up. */
  async resume(): Promise<void> {
    this.ceremony = await this.room.resume();
  }

  /** Kinds of the records so far. */
  get kinds(): readonly string[] {
    return this.room.journal.records.map(({ kind }) => kind);
  }

  /** Plays to the end and says what is not as it should be: two keys, one outcome of each act, a faithful journal. */
  async finish(): Promise<readonly string[]> {
    const { room, ceremony } = this;
    const end = await room.play(ceremony);
    if (end.kind !== 'finished') return [end.kind === 'failed' ? formatRefusal(end.failure) : end.kind];
    const labels = room.root.keys.map(({ label }) => label).join(', ');
    const outcomes = this.kinds.filter((kind) => kind === 'did').length;
    const replayed = replay(room.journal.records, nodeDigest);
    return [
      ...(labels === 'root-r1, bundle-signer-b1' ? [] : [`keys: ${labels}`]),
      ...(outcomes === ceremony.state.beginning.plan.acts.length ? [] : [`${outcomes} outcomes`]),
      ...(replayed.ok && isDeepStrictEqual(replayed.state, ceremony.state) ? [] : ['the journal does not replay']),
    ];
  }
}
