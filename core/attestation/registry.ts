import type { AttestationVerifier, AttestedDevice } from './verifier.ts';
import { yubiHsm } from './yubihsm.ts';
import { yubiKeyPiv } from './yubikey-piv.ts';

/** Every verifier there is. To add one: write its file, put it here. */
const verifiers: readonly AttestationVerifier[] = [yubiHsm, yubiKeyPiv];

/** Devices that are known to attest nothing, by how their manufacturer's name begins. */
const without: readonly (readonly [manufacturer: string, reason: string])[] = [
  ['SoftHSM', 'SoftHSM keeps its keys in files of this machine: there is no hardware that could attest them.'],
];

/** The verifier for a device; the first that fits. */
export function verifierFor(device: AttestedDevice): AttestationVerifier | undefined {
  return verifiers.find((verifier) => verifier.fits(device));
}

export function verifierNamed(name: string): AttestationVerifier | undefined {
  return verifiers.find((verifier) => verifier.name === name);
}

/** Why nothing is verified for a device that no verifier fits. */
export function unavailableReason({ manufacturer, model }: AttestedDevice): string {
  const known = without.find(([name]) => manufacturer.startsWith(name));
  return (
    known?.[1] ?? `Coldroot has no verifier for ${manufacturer} ${model}: what the vendor gives is kept, not judged.`
  );
}
