import { config } from 'zod';

// zod would try whether it may make functions from strings. The window's policy forbids that, and reports the attempt.
config({ jitless: true });
