import { isCoded, plainRefusal } from '../../core/ports/coded-error.ts';
import { readJournal } from '../../core/node/journal-sqlite.ts';
import { step } from '../../core/ceremony/step.ts';
import { storyOf } from '../../core/ceremony/story.ts';
import { view } from '../../core/ceremony/view.ts';
import type { Handlers } from '../contract/dispatch.ts';
import type { HostEvent } from '../contract/events.ts';
import type { RequestOf, ResponseOf } from '../contract/methods.ts';
import type { Reply } from '../contract/reply.ts';
import { artefactList, artefactNamed } from './artefacts/artefacts.ts';
import { exportTo } from './export.ts';
import { Folders, type Place } from './folders.ts';
import { idOf } from './hashed.ts';
import { listing } from './listing.ts';
import type { MediaTarget } from './media/media-source.ts';
import { checkOnly, OpenCeremony, type Choice } from './open-ceremony.ts';
import { readPast } from './past.ts';
import { planPage } from './plan-page.ts';
import { refusal } from './refusals.ts';
import type { HostSetting } from './setting.ts';
import { selfCheck } from './self-check.ts';
import { tokensOf } from './shown.ts';
import { Stage } from './stage.ts';
import { transcriptPage } from './transcript-page.ts';

/** A window's host: what answers its page, whichever shell carries the messages. */
export interface WindowHost {
  readonly handlers: Handlers;
  /** The one-way channel. `message.secret` is wiped. */
  secret(message: unknown): Promise<Reply<null>>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Closes what is open, after the act that is being done; it can be resumed. */
  close(): Promise<void>;
}

/** One slow thing at a time: two beginnings at once would each find the token as it was before the other. */
class Turn {
  #taken = false;

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken) throw refusal('window-busy');
    this.#taken = true;
    try {
      return await work();
    } finally {
      this.#taken = false;
    }
  }
}

/** Makes a host; nothing is opened or touched by that. */
export function createHost(setting: HostSetting): WindowHost {
  const { ports } = setting;
  const folders = new Folders(setting.plans, setting.work, ports.digest);
  const stage = new Stage(setting);
  const turn = new Turn();
  const choice = async ({ plan, binding, rehearse }: RequestOf<'check'>): Promise<Choice> => ({
    plan: await folders.find('plan', plan),
    binding: await folders.find('binding', binding),
    rehearse,
  });
  const past = async (id: string): ReturnType<typeof readPast> =>
    readPast(await folders.find('ceremony', id), ports.digest);
  const reading = readingHandlers(setting, folders, stage, past);
  return {
    handlers: {
      ...reading,
      check: (request) => turn.take(async () => checked(await choice(request), folders, stage, setting)),
      begin: (request) =>
        turn.take(async () => begun(await choice(request), request.planHash, folders, stage, setting)),
      resume: ({ ceremony }) =>
        turn.take(async () => resumed(await folders.find('ceremony', ceremony), stage, setting)),
      ...answeringHandlers(stage),
      export: ({ ceremony, target }) =>
        turn.take(async () =>
          exportTo(await past(ceremony), await targetNamed(target, setting), ports, (progress) => {
            stage.progress(progress);
          }),
        ),
      eject: ({ target }) =>
        turn.take(async () => {
          const found = await targetNamed(target, setting);
          await setting.media.eject(found);
          return { label: found.label };
        }),
    },
    secret: (message) => stage.secret(message),
    subscribe: (listener) => stage.subscribe(listener),
    close: () => stage.finish(),
  };
}

type AnsweringMethod = 'start' | 'answer' | 'retry' | 'stop' | 'pause' | 'deviation' | 'leave';

/** What people do to the open ceremony. */
function answeringHandlers(stage: Stage): Pick<Handlers, AnsweringMethod> {
  return {
    start: (request) => {
      stage.start(request);
      return Promise.resolve({});
    },
    answer: async (request) => {
      await stage.answer(request);
      return {};
    },
    retry: async (request) => {
      await stage.retry(request);
      return {};
    },
    stop: async (request) => {
      await stage.stop(request);
      return {};
    },
    pause: async (request) => {
      await stage.pause(request);
      return {};
    },
    deviation: async (request) => {
      await stage.deviation(request);
      return {};
    },
    leave: () => {
      stage.leave();
      return Promise.resolve({});
    },
  };
}

type ReadingMethod =
  | 'hello'
  | 'list'
  | 'plan'
  | 'snapshot'
  | 'verify'
  | 'artefacts'
  | 'artefact'
  | 'transcript'
  | 'media';

function readingHandlers(
  setting: HostSetting,
  folders: Folders,
  stage: Stage,
  past: (id: string) => ReturnType<typeof readPast>,
): Pick<Handlers, ReadingMethod> {
  const { ports } = setting;
  // Once: every file of the program is hashed for it.
  let checked: ReturnType<typeof selfCheck> | undefined;
  return {
    hello: async () => ({
      version: ports.version,
      shell: setting.shell,
      selfCheck: await (checked ??= selfCheck(ports.room)),
      networkDenied: setting.networkDenied(),
      mediaStandIn: setting.media.standIn,
    }),
    list: () => listing(folders, ports.digest, stage.id),
    plan: async ({ plan }) => planPage(await folders.find('plan', plan), ports.digest),
    snapshot: () => Promise.resolve({ snapshot: stage.snapshot() }),
    verify: async ({ ceremony }) => verified(await folders.find('ceremony', ceremony), setting),
    artefacts: async ({ ceremony }) => artefactList(await past(ceremony), ports),
    artefact: async ({ ceremony, name }) => artefactNamed(await past(ceremony), name, ports),
    transcript: async ({ ceremony }) => transcriptPage(await past(ceremony), ports),
    media: async () => {
      const { targets, unmounted } = await setting.media.find();
      return {
        targets: targets.map(({ device, label, freeBytes, totalBytes, standIn }) => ({
          id: idOf(device, ports.digest),
          label,
          device,
          freeBytes,
          totalBytes,
          standIn,
        })),
        unmounted: [...unmounted],
      };
    },
  };
}

async function checked(
  choice: Choice,
  folders: Folders,
  stage: Stage,
  setting: HostSetting,
): Promise<ResponseOf<'check'>> {
  stage.requireNone();
  stage.progress({ task: 'check', step: 'preflight', file: choice.plan.name, done: null, all: null });
  const result = await checkOnly(choice, await folders.fresh(choice.plan.name), setting);
  if (!result.ok) return { passed: false, refusals: result.refusals.map(plainRefusal) };
  const first = step(undefined, result.begin);
  if (!first.ok) return { passed: false, refusals: [first.refusal] };
  return {
    passed: true,
    planHash: result.begin.planHash,
    view: view(first.state),
    tokens: tokensOf(first.state),
    forecast: result.forecast,
  };
}

async function begun(
  choice: Choice,
  planHash: string,
  folders: Folders,
  stage: Stage,
  setting: HostSetting,
): Promise<ResponseOf<'begin'>> {
  stage.requireNone();
  stage.progress({ task: 'begin', step: 'preflight', file: choice.plan.name, done: null, all: null });
  const place = folders.place(await folders.fresh(choice.plan.name));
  const open = await OpenCeremony.begin(choice, planHash, place, setting, stage.fault);
  return open instanceof OpenCeremony
    ? { passed: true, snapshot: stage.take(open) }
    : { passed: false, refusals: open.map(plainRefusal) };
}

async function resumed(place: Place, stage: Stage, setting: HostSetting): Promise<ResponseOf<'resume'>> {
  stage.requireNone();
  const open = await OpenCeremony.resume(place, setting, stage.fault, () => {
    stage.progress({ task: 'resume', step: 'waiting', file: null, done: null, all: null });
  });
  return { snapshot: stage.take(open) };
}

async function verified(place: Place, { ports }: HostSetting): Promise<ResponseOf<'verify'>> {
  try {
    const story = storyOf(await readJournal(`${place.path}/journal.db`, ports.digest), ports.digest);
    if (story.ok) return { ok: true, lines: [...story.lines], refusals: [] };
    return { ok: false, lines: [], refusals: [plainRefusal(story.refusal)] };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { ok: false, lines: [], refusals: [plainRefusal(error)] };
  }
}

async function targetNamed(id: string, { media, ports }: HostSetting): Promise<MediaTarget> {
  const found = (await media.find()).targets.find(({ device }) => idOf(device, ports.digest) === id);
  if (found === undefined) throw refusal('media-gone');
  return found;
}
