/**
 * A secret of the project that the working folder is in: the environment variable of this name where there is one, even
 * empty; else the value that `stowaway` keeps. Blocks until it is there; asked once a process.
 *
 * @param name as in `stowaway.secrets.json`
 * @throws Error where there is no value; it names the variable and the next step, never a value
 */
export function secret(name: string): string;
