import { Stages } from './stages.ts';

/** The histograms of one process. Their labels are words of this program: never a name, an account or an address. */
export interface Measures {
  readonly requests: Stages;
  readonly stages: Stages;
  readonly statements: Stages;
  readonly validations: Stages;
  readonly ocsp: Stages;
}

export function makeMeasures(): Measures {
  return {
    requests: new Stages('coldroot_request_seconds', 'From a request’s head to its answer, by route and status.'),
    stages: new Stages('coldroot_stage_seconds', 'Stages of an issuance, waiting included.'),
    statements: new Stages('coldroot_sql_seconds', 'Statements, waiting for a connection included.'),
    validations: new Stages('coldroot_validation_seconds', 'Validations, by challenge type and result.'),
    ocsp: new Stages('coldroot_ocsp_seconds', 'OCSP answers, by whether they were signed, kept or refused, and why.'),
  };
}
