import { z } from 'zod';
import { limits } from './limits.ts';

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => isPlain(item, depth - 1));
}

/**
 * A value of core's own type that the host hands to the page as it is. Its shape is held by the compiler on both sides,
 * so that whatever `view` learns to say reaches the page without a second description of it here. At run time only this
 * is checked: data, no functions, no bytes, no cycles. Never used for what a page sends.
 */
export function plainData<T>(): z.ZodType<T> {
  return z.custom<T>((value) => value !== undefined && isPlain(value, limits.depth), 'not plain data');
}
