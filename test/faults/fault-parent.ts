import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { faultChildEntry, faultModule } from './fault-script.ts';

// A program that has opened a token and is then killed: what becomes of its PKCS#11 process?
const provider = connectTokens({ fault: faultModule() }, { childEntry: faultChildEntry });
await provider.list();
process.stdout.write('ready\n');
