package bpnn.cpu;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How wide the arithmetic is, decided once per JVM by the system property {@value #PROPERTY}: {@code scalar},
 * {@code 128}, {@code 256} or {@code 512} bits, or {@code preferred} (the default), which leaves it to the processor.
 * The results have the same bits for all of them.
 */
enum Width {
    SCALAR(0),
    BITS_128(128),
    BITS_256(256),
    BITS_512(512),
    PREFERRED(-1);

    /** Name of the system property. */
    static final String PROPERTY = "bpnn.cpu.width";

    private final int bits;

    Width(int bits) {
        this.bits = bits;
    }

    /** Bits in a vector; 0 for scalar code and -1 for the processor's own choice. */
    int bits() {
        return bits;
    }

    /** The width that the system property asks for. */
    static Width requested() {
        return parse(System.getProperty(PROPERTY));
    }

    private static Width parse(@Nullable String text) {
        if (text == null) {
            return PREFERRED;
        }
        for (Width width : values()) {
            if (width.name().replace("BITS_", "").equals(text.toUpperCase(Locale.ROOT))) {
                return width;
            }
        }
        throw new IllegalArgumentException(
                "-D" + PROPERTY + " must be scalar, 128, 256, 512 or preferred, but is \"" + text + "\"");
    }
}
