/** What JSON can say; the only shape that crosses a file, a wire or a process boundary. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
