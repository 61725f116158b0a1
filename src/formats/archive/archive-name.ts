/** Endings of archives: packages first, then what they are packed with, then what is not unpacked at all. */
const ARCHIVE =
  /\.(?:tgz|tar|whl|zip|crate|gem|vsix|nupkg|snupkg|jar|war|ear|aar|apk|egg|xpi|gz|xz|txz|zst|tzst|bz2|tbz2?|lzma|tlz|7z|rar)$/i;
const TAR = /\.(?:tgz|tar|tar\.gz|crate|gem)$/i;
/** Longest text that may stand for a file that git keeps elsewhere. */
const POINTER_BYTES = 4096;
const GIT_LFS = /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\//;
const GIT_ANNEX = /^(?:[^\s\0]*\/)?\.?(?:git\/)?annex\/objects\/[^\s\0]+\n?$/;
const ONE_WORD = /^[^\s\0]+$/;

/**
 * Whether a file is called an archive and would have to be one, its bytes aside.
 *
 * What only stands for the archive is none: a pointer of Git LFS or git-annex, the text of a symbolic link to another
 * archive. Neither is a plain tar without members, which is all zeros.
 *
 * @param bytes the whole file
 */
export function claimsArchive(path: string, bytes: Uint8Array): boolean {
  if (!ARCHIVE.test(path)) return false;
  if (bytes.length === 0) return true;
  if (/\.tar$/i.test(path) && bytes.every((byte) => byte === 0)) return false;
  if (bytes.length > POINTER_BYTES) return true;
  const text = Buffer.from(bytes).toString("latin1");
  return !(GIT_LFS.test(text) || GIT_ANNEX.test(text) || (ONE_WORD.test(text) && ARCHIVE.test(text)));
}

/** Whether installers take a file of this name for a tar, packed or not. */
export function namesTar(path: string): boolean {
  return TAR.test(path);
}
