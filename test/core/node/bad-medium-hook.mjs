// Preloaded into a process that writes, it is a medium that keeps other bytes than it was given: one of them is changed as
// soon as a file was flushed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import promises from 'node:fs/promises';

const { open } = promises;
promises.open = async (file, ...rest) => {
  const handle = await open(file, ...rest);
  const { sync } = handle;
  handle.sync = async () => {
    await sync.call(handle);
    if (!fs.fstatSync(handle.fd).isFile()) return;
    const own = fs.openSync(file, 'r+');
    fs.writeSync(own, Buffer.from([8]), 0, 1, 2_500_000);
    fs.fsyncSync(own);
    fs.closeSync(own);
  };
  return handle;
};
syncBuiltinESMExports();
