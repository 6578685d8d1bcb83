import type { ValidationJob } from '../../issuer/validate/validator.ts';

/** A challenge for a validator, as the queue would hand it over. */
export function validationJob(change: Partial<ValidationJob> = {}): ValidationJob {
  return {
    id: 'x',
    authorization_id: 'y',
    type: 'http-01',
    token: 'token',
    identifier_type: 'dns',
    identifier_value: 'host.example.internal',
    wildcard: false,
    subdomains: false,
    account_id: 'ExampleAccountNamed1',
    directory: 'main',
    account_url: 'https://acme.example.internal/acme/main/account/ExampleAccountNamed1',
    thumbprint: new Uint8Array(),
    ...change,
  };
}
