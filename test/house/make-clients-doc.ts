// Writes docs/clients.md from the records of the clients.
//   node test/house/make-clients-doc.ts
import { writeFileSync } from 'node:fs';
import { clientsDoc, clientsDocFile } from './clients-doc.ts';

writeFileSync(clientsDocFile, clientsDoc());
