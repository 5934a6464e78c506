package bpnn.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A 64-bit little-endian ELF library in memory whose dependency can be renamed together with its symbol version: {@code
 * libcublas.so.12} to {@code libcublas.so.13}. The name occurs once in the string table, as both the name of the needed
 * library and of the version; the version is looked up by its hash in the table of needed versions ("System V ABI" and
 * "Linux Standard Base", chapters on ELF and symbol versioning).
 */
final class VersionedElf {
    private static final int SECTION_TABLE = 0x28;
    private static final int SECTION_SIZE = 0x3A;
    private static final int SECTION_COUNT = 0x3C;
    private static final int NAMES_SECTION = 0x3E;

    private final ByteBuffer elf;

    /** @param library modified in place */
    VersionedElf(byte[] library) {
        elf = ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Renames a dependency.
     *
     * @param to as long as {@code from}
     * @throws IllegalArgumentException if it does not need {@code from} with symbols of that version, exactly once
     */
    void renameNeeded(String from, String to) {
        byte[] old = terminated(from);
        byte[] renamed = terminated(to);
        if (old.length != renamed.length) {
            throw new IllegalArgumentException(
                    from + " can only be renamed to a name of the same length, not to " + to);
        }
        int name = only(section(".dynstr"), old, from);
        int hash = versionHash(section(".gnu.version_r"), hash(from), from);
        elf.put(name + 1, renamed, 1, renamed.length - 1);
        elf.putInt(hash, hash(to));
    }

    /** The name between its terminating zero and that of the previous string. */
    private static byte[] terminated(String name) {
        return ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private int only(Section strings, byte[] text, String name) {
        int found = -1;
        for (int at = strings.offset; at + text.length <= strings.offset + strings.size; at++) {
            if (elf.slice(at, text.length).equals(ByteBuffer.wrap(text))) {
                if (found >= 0) {
                    throw new IllegalArgumentException(name + " stands twice in the string table");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new IllegalArgumentException(name + " is not needed");
        }
        return found;
    }

    /** Offset of the hash in the table of needed versions: records of libraries, each with a list of versions. */
    private int versionHash(Section needed, int hash, String name) {
        int library = needed.offset;
        while (true) {
            int version = library + elf.getInt(library + 8);
            for (int i = elf.getShort(library + 2); i > 0; i--) {
                if (elf.getInt(version) == hash) {
                    return version;
                }
                version += elf.getInt(version + 12);
            }
            int next = elf.getInt(library + 12);
            if (next == 0) {
                throw new IllegalArgumentException("No symbol of the version " + name + " is needed");
            }
            library += next;
        }
    }

    private Section section(String name) {
        int count = elf.getShort(SECTION_COUNT);
        int names = offset(elf.getShort(NAMES_SECTION));
        for (int i = 0; i < count; i++) {
            int at = header(i);
            byte[] text = terminated(name);
            int start = names + elf.getInt(at);
            if (elf.slice(start, text.length - 1)
                    .equals(ByteBuffer.wrap(text, 1, text.length - 1).slice())) {
                return new Section(offset(i), Math.toIntExact(elf.getLong(at + 0x20)));
            }
        }
        throw new IllegalArgumentException("There is no section " + name);
    }

    private int header(int section) {
        return Math.toIntExact(elf.getLong(SECTION_TABLE)) + section * elf.getShort(SECTION_SIZE);
    }

    private int offset(int section) {
        return Math.toIntExact(elf.getLong(header(section) + 0x18));
    }

    /** The System V hash of a name. */
    static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash << 4) + name.charAt(i);
            int high = hash & 0xF0000000;
            hash = (hash ^ (high >>> 24)) & ~high;
        }
        return hash;
    }

    private record Section(int offset, int size) {}
}
