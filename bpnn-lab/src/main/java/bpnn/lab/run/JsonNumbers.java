package bpnn.lab.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Numbers in JSON. */
public final class JsonNumbers {
    private JsonNumbers() {}

    /** JSON knows no NaN and no infinity; they become null. */
    public static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
