import type { Artefact, SecondOpinions, SecondReading } from '../../ports/second-opinion.ts';
import { opensslReading, opensslVersion } from './openssl.ts';
import { peculiarVersion } from './peculiar-version.ts';

/** A reader that cannot read, or cannot be run, disagrees: it must not end the program instead. */
async function attempt(by: string, work: () => Promise<SecondReading>): Promise<SecondReading> {
  try {
    return await work();
  } catch (error) {
    return { by, problem: `it could not be read (${error instanceof Error ? error.message : 'unknown error'})` };
  }
}

/** Loaded at its first use, which is in preflight: most commands never ask anybody. */
async function peculiar(artefact: Artefact): Promise<SecondReading> {
  const { peculiarReading } = await import('./peculiar.ts');
  return peculiarReading(artefact);
}

/** Everyone else on this machine who can read X.509: @peculiar/x509 always, OpenSSL where it is installed. */
export function secondOpinions(): SecondOpinions {
  let version: Promise<string | undefined> | undefined;
  return async (artefact) => {
    version ??= opensslVersion();
    const openssl = await version;
    const readings = [await attempt(peculiarVersion, () => peculiar(artefact))];
    if (openssl !== undefined) readings.push(await attempt(openssl, () => opensslReading(openssl, artefact)));
    return readings;
  };
}
