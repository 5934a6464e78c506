package bpnn.nd4j;

import bpnn.spi.Availability.Unavailable;
import org.junit.jupiter.api.Assumptions;

/** ND4J's natives are there for one platform; elsewhere its tests are skipped, with the reason. */
final class Platform {
    private Platform() {}

    static void assume() {
        if (new Nd4jBackendProvider().probe() instanceof Unavailable no) {
            Assumptions.abort("Skipped: " + no.reason() + ". " + no.hint());
        }
    }
}
