import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { faultChildEntry, faultModule, faultPin, faultSerial } from './fault-script.ts';

// A program that ends while its token generates a key: what becomes of its PKCS#11 process? With the argument "hang" the
// library hangs in that, and the program ends by itself without closing the connection; else it waits to be killed.
const hang = process.argv[2] === 'hang';
const script = hang
  ? { triggers: [{ call: 'C_GenerateKeyPair', does: 'hang' as const }] }
  : { quirks: { generateMilliseconds: 8000 } };
let searches = 0;
const provider = connectTokens(
  { fault: faultModule(script) },
  {
    childEntry: faultChildEntry,
    onCall: (call) => {
      if (call.function === 'C_FindObjectsFinal') searches += 1;
      // Four searches for taken names, and without another turn of the child's loop the generation.
      if (searches === 4) process.stdout.write('ready\n');
    },
  },
);
const token = await provider.open(faultSerial);
await token.login(faultPin);
if (hang) process.stdin.once('data', () => process.exit(0));
await token.generateKey({ algorithm: 'ec-p256', label: 'never', id: Uint8Array.of(1) });
