import { fileSchemas, jsonSchemaOf } from '../../tui/commands/schema.ts';

export const schemaNames = Object.keys(fileSchemas) as (keyof typeof fileSchemas)[];

/** docs/schema/NAME.json, as it must be for the schema there is. */
export function schemaFile(name: keyof typeof fileSchemas): { readonly url: URL; readonly text: string } {
  return { url: new URL(`../../docs/schema/${name}.json`, import.meta.url), text: jsonSchemaOf(name) };
}
