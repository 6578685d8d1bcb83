import { archiveKinds } from './archive-kinds.ts';
import { fileKinds } from './file-kinds.ts';
import { crossKinds } from './cross-kinds.ts';
import { hierarchyKinds } from './hierarchy-kinds.ts';
import type { HostileKind } from './kind.ts';
import { manifestKinds } from './manifest-kinds.ts';
import { signatureKinds } from './signature-kinds.ts';
import { waiverKinds } from './waiver-kinds.ts';

/** Every kind of bundle that must be refused, in the order of the checks. */
export const hostileKinds: readonly HostileKind[] = [
  ...archiveKinds,
  ...signatureKinds,
  ...manifestKinds,
  ...fileKinds,
  ...hierarchyKinds,
  ...crossKinds,
  ...waiverKinds,
];
