import { describe, expect, it } from 'vitest';
import { goesInTheClear } from '../../../issuer/ops/in-the-clear.ts';

const user = 'postgres://issuer:secret@';

describe('a connection to the database', () => {
  it.each([
    `${user}db.example.internal/issuer`,
    `${user}10.0.0.5:5432/issuer?sslmode=prefer`,
    `${user}10.0.0.5/issuer?sslmode=disable`,
    `${user}[2001:db8::1]/issuer`,
    `${user}localhost.example.org/issuer`,
    'postgres:///issuer?host=10.0.0.5',
    `${user}db.example.internal/issuer?sslmode=no-verify`,
  ])('goes over the network in the clear: %s', (url) => {
    expect(goesInTheClear(url)).toBe(true);
  });

  it.each([
    `${user}localhost/issuer`,
    `${user}127.0.0.1:5432/issuer`,
    `${user}127.1.2.3/issuer`,
    `${user}[::1]/issuer`,
    `${user}%2Frun%2Fpostgresql/issuer`,
    'postgres:///issuer?host=/run/postgresql',
    `${user}db.example.internal/issuer?sslmode=verify-full`,
    `${user}db.example.internal/issuer?sslmode=require`,
    `${user}db.example.internal/issuer?ssl=true`,
  ])('does not: %s', (url) => {
    expect(goesInTheClear(url)).toBe(false);
  });
});
