import { connectTokens, type TokenCall } from '../../../../core/node/pkcs11/connect.ts';
import { faultChildEntry, faultModule } from '../../../faults/fault-script.ts';
import { tokenContract } from './contract.ts';

// The stand-in must be a good token where its script holds no fault, or its faults would show nothing.
tokenContract('fault token without faults', async () => {
  const calls: TokenCall[] = [];
  const log: string[] = [];
  const serial = 'FAULT0001';
  const pin = '271828182845';
  const provider = connectTokens(
    { fault: faultModule({ tokens: [{ serial: 'FAULT0000' }, { serial, pin }] }) },
    { childEntry: faultChildEntry, onCall: (call) => calls.push(call), log: (line) => log.push(line) },
  );
  return Promise.resolve({
    provider,
    serial,
    pin,
    wrongPin: '314159265358',
    rsa: 'rsa-2048',
    calls,
    log,
    remove: () => Promise.resolve(),
  });
});
