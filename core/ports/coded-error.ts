/** Where in an input something was wrong. Lines and columns count from 1; `field` is a dotted path. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
}

/**
 * What was wrong, as a value: a stable `code` for programs, a `message` for people, and a `remedy` that says what to do.
 * None of the three ever carries a PIN, a share or key material.
 */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
  readonly where?: Where;
}

/** A refusal that travels as an exception. Every error thrown on purpose in this project is one of these. */
export class CodedError<Code extends string = string> extends Error implements Refusal<Code> {
  override readonly name: string = 'CodedError';
  readonly code: Code;
  readonly remedy: string;
  readonly where?: Where;

  constructor(refusal: Refusal<Code>, options?: { cause?: unknown }) {
    super(refusal.message, options);
    this.code = refusal.code;
    this.remedy = refusal.remedy;
    if (refusal.where !== undefined) this.where = refusal.where;
  }
}

/** A refusal and nothing else: what may cross to another process, without the error it travelled as. */
export function plainRefusal({ code, message, remedy, where }: Refusal): Refusal {
  return { code, message, remedy, ...(where === undefined ? {} : { where: { ...where } }) };
}

/** True when `error` is a coded error, of the given code where one is named. */
export function isCoded(error: unknown, code?: string): error is CodedError {
  return error instanceof CodedError && (code === undefined || error.code === code);
}

/** One line for a log or a terminal: place, message, remedy, code. */
export function formatRefusal(refusal: Refusal): string {
  const { file, line, column, field } = refusal.where ?? {};
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const place = [file === undefined ? '' : `${file}${position}`, field ?? ''].filter((part) => part !== '').join(' ');
  return `${place === '' ? '' : `${place}: `}${refusal.message} ${refusal.remedy} [${refusal.code}]`;
}
