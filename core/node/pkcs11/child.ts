import { leaveNoMemoryInDumps } from '../no-memory-in-dumps.ts';
import { loadPkcs11 } from './load-pkcs11.ts';
import { serve } from './serve.ts';

// Entry of the process that loads PKCS#11 libraries; also bundled alone as dist/pkcs11-child.js.
leaveNoMemoryInDumps();
serve(loadPkcs11);
