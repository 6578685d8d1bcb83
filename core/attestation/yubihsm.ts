import { fromUtf8 } from '../ports/bytes.ts';
import { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { AttestationVerdict, AttestationVerifier, AttestedDevice, Statement } from './verifier.ts';
import { isSameDevice, isYubico, judging, madeUpOnly, otherDevice, refused, stated, yubicoArc } from './yubico.ts';

const arc = `${yubicoArc}.4`;
const oid = {
  firmware: `${arc}.1`,
  serial: `${arc}.2`,
  origin: `${arc}.3`,
  capabilities: `${arc}.5`,
  objectId: `${arc}.6`,
  label: `${arc}.9`,
} as const;

/** The origin of a key that was made in the device; others say that it was put there, or came wrapped from another. */
const generated = 0x01;

/** Capabilities by bit, as far as a key pair has any; others are told by their number. */
const capabilityNames: Readonly<Record<number, string>> = {
  5: 'sign-pkcs',
  6: 'sign-pss',
  7: 'sign-ecdsa',
  8: 'sign-eddsa',
  9: 'decrypt-pkcs',
  10: 'decrypt-oaep',
  11: 'derive-ecdh',
  16: 'exportable-under-wrap',
  34: 'sign-attestation-certificate',
};
/** What a CA's key is for. */
const signing: ReadonlySet<number> = new Set([5, 6, 7, 8]);

function one<T>(value: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = DerReader.over(value, 1024);
  const result = read(reader);
  reader.end();
  return result;
}

const bitsOf = (value: Uint8Array): Uint8Array => one(value, (reader) => reader.bitStringOctets());
const numberIn = (value: Uint8Array): number => one(value, (reader) => reader.smallInteger(0xffffffff));

/** Numbers of the bits that are set, the last octet's lowest being 0. */
function bitNumbers(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => bit).filter(
    (bit) => ((bytes[bytes.length - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0,
  );
}

function describe(certificate: Certificate, capabilities: Uint8Array): readonly Statement[] {
  const firmware = stated(certificate, oid.firmware, (value) => one(value, (reader) => reader.octetString()));
  const objectId = stated(certificate, oid.objectId, numberIn);
  const label = stated(certificate, oid.label, (value) => one(value, (reader) => reader.content(tags.utf8String)));
  const bits = bitNumbers(capabilities);
  const names = bits.map((bit) => capabilityNames[bit] ?? `bit ${bit}`).join(', ');
  const capable = { label: 'capabilities', value: names === '' ? 'none' : names };
  return [
    ...(firmware === undefined ? [] : [{ label: 'firmware', value: firmware.slice(0, 8).join('.') }]),
    ...(objectId === undefined ? [] : [{ label: 'object', value: `0x${objectId.toString(16).padStart(4, '0')}` }]),
    ...(label === undefined ? [] : [{ label: 'label there', value: (fromUtf8(label) ?? '').slice(0, 40) }]),
    bits.every((bit) => signing.has(bit)) ? capable : { ...capable, warning: true as const },
  ];
}

function judge(certificate: Certificate, device: AttestedDevice): AttestationVerdict {
  const serial = stated(certificate, oid.serial, numberIn);
  const origin = stated(certificate, oid.origin, bitsOf);
  const capabilities = stated(certificate, oid.capabilities, bitsOf);
  if (serial === undefined || origin === undefined || capabilities === undefined) {
    return refused('attest-incomplete', 'The attestation does not state serial, origin and capabilities.');
  }
  if (!isSameDevice(serial, device)) return otherDevice(serial, device);
  if (origin.length !== 1 || origin[0] !== generated) {
    return refused('attest-not-generated', 'The device attests that the key was not generated in it.');
  }
  const statements = [
    { label: 'attested device', value: `${serial}` },
    { label: 'origin', value: 'generated in the device' },
    ...describe(certificate, capabilities),
  ];
  return { ok: true, statements };
}

/** YubiHSM 2: the device signs an X.509 certificate over the key, with what it knows of it in extensions. */
export const yubiHsm: AttestationVerifier = {
  name: 'yubihsm-2',
  vendor: 'Yubico',
  fits: (device) => isYubico(device) && device.model.startsWith('YubiHSM'),
  fetches:
    'The certificate that the device signs over the key (yubihsm-shell: sign-attestation-certificate), the device’s own ' +
    '(opaque object 0) and the vendor’s intermediate: from certificates on the token, or as PEM in the file "evidence".',
  tested: madeUpOnly,
  isAttestation: ({ tbs }) => tbs.extensions.some((extension) => extension.oid === oid.objectId),
  judge: (certificate, device) => judging(() => judge(certificate, device)),
};
