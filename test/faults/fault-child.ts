import { readFileSync } from 'node:fs';
import { serve } from '../../core/node/pkcs11/serve.ts';
import { FaultCryptoki } from './fault-cryptoki.ts';
import { faultScript } from './fault-script.ts';
import { withTriggers } from './fault-triggers.ts';

// The PKCS#11 process with a scripted token in it: the module path is the script as JSON, or the name of a file with it.
serve((path) => {
  const text = path.startsWith('{') ? path : readFileSync(path, 'utf8');
  const script = faultScript.parse(JSON.parse(text));
  return withTriggers(new FaultCryptoki(script), script.triggers);
});
