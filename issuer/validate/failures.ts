import { AcmeProblem } from '../acme/problems.ts';

export function dnsFailure(message: string): AcmeProblem {
  return new AcmeProblem('dns', message, 'Check the DNS of the name and order again.');
}

export function connectionFailure(message: string): AcmeProblem {
  return new AcmeProblem('connection', message, 'Check that it can be reached from the CA and order again.');
}

export function wrongResponse(message: string): AcmeProblem {
  return new AcmeProblem('incorrectResponse', message, 'Correct it and order again.');
}

export function tlsFailure(message: string): AcmeProblem {
  return new AcmeProblem('tls', message, 'Check the TLS server and order again.');
}

export function caaFailure(message: string): AcmeProblem {
  return new AcmeProblem('caa', message, 'Change the CAA records of the domain, or use a CA that they allow.');
}
