import { z } from 'zod';
import { CodedError } from '../../core/ports/coded-error.ts';
import { answersSchema } from '../../core/ceremony/answers.ts';
import { bindingSchema } from '../../core/ceremony/binding.ts';
import { planSchema } from '../../core/ceremony/plan.ts';
import type { Command } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';

/** Files people write, and the schema each is read by. */
export const fileSchemas = { plan: planSchema, binding: bindingSchema, answers: answersSchema } as const;

/** JSON Schema (2020-12) of one of the files people write, as editors want it. */
export function jsonSchemaOf(name: keyof typeof fileSchemas): string {
  const schema = z.toJSONSchema(fileSchemas[name], { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: `Coldroot ${name}`, ...schema }, null, 2)}\n`;
}

function isName(name: string): name is keyof typeof fileSchemas {
  return Object.hasOwn(fileSchemas, name);
}

export const schema: Command = {
  name: 'schema',
  summary: 'Print the JSON Schema of a plan, a binding or an answers file, for editors',
  operands: [{ name: 'NAME', help: `one of: ${Object.keys(fileSchemas).join(', ')}` }],
  options: {},
  run: ({ operands }, { output }) => {
    const [name = ''] = operands;
    if (!isName(name)) {
      const remedy = `Use one of: ${Object.keys(fileSchemas).join(', ')}.`;
      throw new CodedError({ code: 'usage', message: `There is no schema "${name}".`, remedy });
    }
    output.line(jsonSchemaOf(name).trimEnd());
    return Promise.resolve(exitCodes.done);
  },
};
