import type { BundleExpectations } from '../../../core/bundle/bundle.ts';
import type { BundleRefusalCode } from '../../../core/bundle/refusals.ts';
import { forgeBundle, type Forge, type Recipe } from '../forge.ts';

/** One kind of bundle that must be refused, and the one code it must be refused with. */
export interface HostileKind {
  readonly what: string;
  readonly code: BundleRefusalCode;
  make(forge: Forge): Promise<Uint8Array> | Uint8Array;
  /** What whoever loads it insists on besides the usual. */
  readonly expect?: (forge: Forge) => Partial<BundleExpectations>;
}

/** A kind that is made by changing the valid archive. */
export function kind(what: string, code: BundleRefusalCode, make: HostileKind['make']): HostileKind {
  return { what, code, make };
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = index < 0 ? copy.length + index : index;
  copy[at] = (copy[at] ?? 0) ^ 0x01;
  return copy;
}

/** A kind that is forged by a recipe: signed anew, so that only what the recipe changes is wrong. */
export function forged(
  what: string,
  code: BundleRefusalCode,
  recipe: Recipe | ((forge: Forge) => Recipe | Promise<Recipe>),
  expect?: HostileKind['expect'],
): HostileKind {
  const make: HostileKind['make'] = async (forge) =>
    forgeBundle(forge, typeof recipe === 'function' ? await recipe(forge) : recipe);
  return { what, code, make, ...(expect === undefined ? {} : { expect }) };
}
