import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { connectTokens } from '../../../../core/node/pkcs11/connect.ts';
import { makeVendor } from '../../../support/attestation.ts';
import { createSoftHsm, softHsmMissing } from '../../../support/softhsm.ts';

const missing = softHsmMissing();

/** Puts certificates on a token in a process of its own, as a vendor’s tool would. */
const putting = `
import pkcs11js from 'pkcs11js';
const [module, pin, ...ders] = process.argv.slice(1);
const p11 = new pkcs11js.PKCS11();
p11.load(module);
p11.C_Initialize();
const session = p11.C_OpenSession(p11.C_GetSlotList(true)[0], pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
p11.C_Login(session, pkcs11js.CKU_USER, pin);
for (const [index, der] of ders.entries()) {
  p11.C_CreateObject(session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: 0 },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: index === 1 },
    { type: pkcs11js.CKA_LABEL, value: 'certificate ' + index },
    { type: pkcs11js.CKA_ID, value: Buffer.from([index]) },
    { type: pkcs11js.CKA_SUBJECT, value: Buffer.from([0x30, 0]) },
    { type: pkcs11js.CKA_VALUE, value: Buffer.from(der, 'hex') },
  ]);
}
p11.C_Finalize();
`;

describe('certificates on a token', () => {
  it.skipIf(missing !== undefined)(
    `are read as they lie there, private ones after login only${missing === undefined ? '' : ` (SKIPPED: ${missing})`}`,
    async () => {
      const hsm = await createSoftHsm();
      const provider = connectTokens({ softhsm: { path: hsm.module, environment: hsm.environment } });
      try {
        const { serial } = await hsm.createToken('root', 'pin-1234');
        const { ca, device } = await makeVendor();
        const ders = [ca.certificate.raw, device.certificate.raw].map((der) => Buffer.from(der).toString('hex'));
        const env = { ...process.env, ...hsm.environment };
        execFileSync(process.execPath, ['--input-type=module', '-e', putting, hsm.module, 'pin-1234', ...ders], {
          env,
        });
        const token = await provider.open(serial);
        expect(await token.certificates()).toEqual([{ label: 'certificate 0', id: '00', der: ca.certificate.raw }]);
        await token.login('pin-1234');
        const seen = await token.certificates();
        expect(seen.map(({ label }) => label).toSorted()).toEqual(['certificate 0', 'certificate 1']);
        expect(seen.find(({ id }) => id === '01')?.der).toEqual(device.certificate.raw);
      } finally {
        await provider.close();
        await hsm.remove();
      }
    },
  );
});
