package bpnn.lab.work;

import bpnn.io.file.Word;
import bpnn.spi.Backend;
import bpnn.spi.Numerics;
import java.io.Serializable;

/**
 * What computes.
 *
 * @param backend its id
 * @param device what it says that it computes on
 * @param numerics exact or fast
 */
public record Computer(String backend, String device, String numerics) implements Serializable {
    private static final long serialVersionUID = 1;

    /** An open backend. */
    public static Computer of(Backend backend) {
        return new Computer(backend.id(), backend.device(), Word.of(backend.numerics()));
    }

    /** Whether its bits are the same as those of every other one that says so. */
    public boolean isExact() {
        return numerics.equals(Word.of(Numerics.EXACT));
    }

    @Override
    public String toString() {
        return backend + " (" + device + ", " + numerics + ")";
    }
}
