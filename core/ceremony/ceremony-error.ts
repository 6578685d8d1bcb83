import { CodedError, type Where } from '../ports/coded-error.ts';

/** A failure of a ceremony that says what to do about it. */
export function ceremonyError(code: string, message: string, remedy: string, where?: Where): CodedError {
  return new CodedError({ code, message, remedy, ...(where === undefined ? {} : { where }) });
}

/** The state lacks something that the check of the plan promised: a fault of the program, not of the people. */
export function impossible(what: string): CodedError {
  return ceremonyError(
    'ceremony-impossible',
    `${what}, although the plan was checked for it.`,
    'Stop, keep the journal, and report this.',
  );
}
