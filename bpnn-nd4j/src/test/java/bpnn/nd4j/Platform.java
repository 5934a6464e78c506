package bpnn.nd4j;

import bpnn.spi.Availability.Unavailable;
import org.junit.jupiter.api.Assumptions;

/** ND4J's native libraries are installed for one platform; elsewhere the tests are skipped with a reason. */
final class Platform {
    private Platform() {}

    static void assume() {
        if (new Nd4jBackendProvider().probe() instanceof Unavailable no) {
            Assumptions.abort("Skipped: " + no.reason() + ". " + no.hint());
        }
    }
}
