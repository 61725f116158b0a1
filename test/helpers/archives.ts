import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** One member of a made archive. */
export interface TarEntry {
  readonly name: string;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly link?: string;
  /** Text written into the size field instead of the body's length. */
  readonly sizeField?: string | Uint8Array;
  readonly format?: "ustar" | "gnu" | "v7";
  /** Bytes to change in the header before its checksum is made. */
  readonly patch?: (header: Buffer) => void;
  /** Leaves the checksum wrong. */
  readonly badChecksum?: boolean;
}

/** Two zero blocks. */
export const TAR_END = Buffer.alloc(1024);

/** Members without an end mark, so that pieces can be put together freely. */
export function tarMembers(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat(entries.map(tarMember));
}

/** A whole tar. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([tarMembers(entries), TAR_END]);
}

/** A whole `.tgz`. */
export function tgz(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tar(entries));
}

/** A member with a pax header before it. */
export function paxMember(records: Readonly<Record<string, string>>, entry: TarEntry, type = "x"): Buffer {
  return tarMembers([{ name: "PaxHeader", type, body: paxBody(records) }, entry]);
}

/** Records as POSIX.1-2001 writes them: each starts with its own length. */
export function paxBody(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const tail = ` ${key}=${value}\n`;
      let length = Buffer.byteLength(tail) + 1;
      while (String(length).length + Buffer.byteLength(tail) !== length) length += 1;
      return `${length}${tail}`;
    })
    .join("");
}

function tarMember(entry: TarEntry): Buffer {
  const body = Buffer.from(entry.body ?? "");
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100, "utf8");
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  if (entry.sizeField instanceof Uint8Array) header.set(entry.sizeField, 124);
  else header.write(entry.sizeField ?? `${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write(entry.type ?? "0", 156);
  header.write(entry.link ?? "", 157, 100, "utf8");
  const format = entry.format ?? "ustar";
  if (format === "ustar") header.write("ustar\u000000", 257);
  if (format === "gnu") header.write("ustar  \0", 257);
  if (format === "v7" && entry.type === undefined) header[156] = 0;
  entry.patch?.(header);
  header.fill(0x20, 148, 156);
  let sum = entry.badChecksum === true ? 1 : 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/**
 * A gzip file with header fields that `gzipSync` never writes (RFC 1952, 2.3).
 *
 * @param flags further flag bits
 */
export function gzipWith(
  body: string | Uint8Array,
  { extra, comment, flags = 0 }: { extra?: string; comment?: string; flags?: number },
): Buffer {
  const plain = gzipSync(body);
  const header = Buffer.from(plain.subarray(0, 10));
  header[3] = flags | (extra === undefined ? 0 : 4) | (comment === undefined ? 0 : 16);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(extra?.length ?? 0);
  return Buffer.concat([
    header,
    ...(extra === undefined ? [] : [size, Buffer.from(extra)]),
    Buffer.from(comment === undefined ? "" : `${comment}\0`),
    plain.subarray(10),
  ]);
}

/** One member of a made zip. */
export interface ZipEntry {
  readonly name: string;
  readonly body: string | Uint8Array;
  /** 8 deflated (default), 0 stored; any other number is only claimed. */
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode; a symbolic link is 0o120777. */
  readonly mode?: number;
  /** Has a local header and no directory entry. */
  readonly unlisted?: boolean;
  readonly comment?: string;
  readonly badCrc?: boolean;
  /** What the local header says, where it is not what the directory says. */
  readonly local?: {
    readonly name?: string;
    readonly method?: number;
    readonly flags?: number;
    readonly bytes?: number;
    readonly extra?: Uint8Array;
  };
  /** Extra field of the directory entry. */
  readonly extra?: Uint8Array;
  /** Packed data, where it is not that of `body`. */
  readonly data?: Uint8Array;
}

/** One extra field with an id that nobody knows. */
export function zipExtra(text: string): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt16LE(0x9999, 0);
  field.writeUInt16LE(Buffer.byteLength(text), 2);
  return Buffer.concat([field, Buffer.from(text)]);
}

/** A whole zip. */
export function zip(entries: readonly ZipEntry[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let listed = 0;
  for (const entry of entries) {
    const { local, central } = zipMember(entry, offset);
    locals.push(local);
    offset += local.length;
    if (entry.unlisted === true) continue;
    directory.push(central);
    listed += 1;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(listed, 8);
  end.writeUInt16LE(listed, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

function zipMember(entry: ZipEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name);
  const body = Buffer.from(entry.body);
  const method = entry.method ?? 8;
  const data = entry.data ?? (method === 8 ? deflateRawSync(body) : body);
  const flags = (entry.flags ?? 0) | 0x800;
  const streamed = (flags & 8) !== 0;
  const crc = crc32(body) ^ (entry.badCrc === true ? 1 : 0);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(flags, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(crc >>> 0, 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(name.length, 22);
  const { local = {}, extra = Buffer.alloc(0) } = entry;
  const localName = Buffer.from(local.name ?? name);
  const localExtra = local.extra ?? Buffer.alloc(0);
  const localFields = Buffer.from(common);
  localFields.writeUInt16LE((local.flags ?? 0) | flags, 2);
  localFields.writeUInt16LE(local.method ?? method, 4);
  localFields.writeUInt32LE(local.bytes ?? body.length, 18);
  localFields.writeUInt16LE(localName.length, 22);
  localFields.writeUInt16LE(localExtra.length, 24);
  if (streamed) localFields.fill(0, 10, 22);
  const descriptor = Buffer.alloc(streamed ? 16 : 0);
  if (streamed) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    common.copy(descriptor, 4, 10, 22);
  }
  const comment = Buffer.from(entry.comment ?? "");
  common.writeUInt16LE(extra.length, 24);
  const tail = Buffer.alloc(14);
  tail.writeUInt16LE(comment.length, 0);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) * 0x10000) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([Buffer.from("PK\x03\x04"), localFields, localName, localExtra, data, descriptor]),
    central: Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, tail, name, extra, comment]),
  };
}
