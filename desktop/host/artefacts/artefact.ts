import type { ResponseOf } from '../../contract/methods.ts';

/** An artefact taken apart for the viewer. */
export type Artefact = ResponseOf<'artefact'>;
export type Section = Artefact['sections'][number];
/** One that has not been taken apart yet: a list must be quick. */
export interface Found {
  readonly name: string;
  readonly kind: Artefact['kind'];
  readonly title: string;
  readonly bytes: Uint8Array;
}
