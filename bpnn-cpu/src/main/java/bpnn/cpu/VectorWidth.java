package bpnn.cpu;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The vector width, chosen once per JVM by the system property {@value #PROPERTY}: {@code scalar}, {@code 128}, {@code
 * 256} or {@code 512} bits, or {@code preferred} (the default), the CPU's preferred width. Results have the same bits
 * at every width.
 */
enum VectorWidth {
    SCALAR(0),
    BITS_128(128),
    BITS_256(256),
    BITS_512(512),
    PREFERRED(-1);

    /** Name of the system property. */
    static final String PROPERTY = "bpnn.cpu.width";

    private final int bits;

    VectorWidth(int bits) {
        this.bits = bits;
    }

    /** Bits of a vector; 0 for scalar code and -1 for the CPU's preferred width. */
    int bits() {
        return bits;
    }

    /** The width that the system property asks for. */
    static VectorWidth requested() {
        return parse(System.getProperty(PROPERTY));
    }

    private static VectorWidth parse(@Nullable String text) {
        if (text == null) {
            return PREFERRED;
        }
        for (VectorWidth width : values()) {
            if (width.name().replace("BITS_", "").equals(text.toUpperCase(Locale.ROOT))) {
                return width;
            }
        }
        throw new IllegalArgumentException(
                "-D" + PROPERTY + " must be scalar, 128, 256, 512 or preferred, but is \"" + text + "\"");
    }
}
