package bpnn.app.option;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The hidden layers of a network. */
public final class HiddenOption {
    private static final int MAX_UNITS = 65_536;
    private static final int MAX_LAYERS = 64;

    @Option(
            names = "--hidden",
            paramLabel = "N,N,...",
            defaultValue = "512,512",
            description = "Units of each hidden layer, or none (default: ${DEFAULT-VALUE}).")
    private String hidden = "";

    /** Units of each layer, for images of {@code inputs} pixels. */
    public List<Integer> layers(int inputs) {
        List<Integer> layers = layers();
        int before = inputs;
        for (int units : layers) {
            if ((long) before * units > Integer.MAX_VALUE) {
                throw new UsageException("--hidden is \"" + hidden + "\", but a layer of " + before + " x " + units
                        + " weights is too large; at most " + Integer.MAX_VALUE + " are possible.");
            }
            before = units;
        }
        return layers;
    }

    /** Units of each layer. */
    public List<Integer> layers() {
        List<Integer> layers = new ArrayList<>();
        if (hidden.equals("none")) {
            return layers;
        }
        for (String units : hidden.split(",", -1)) {
            if (!units.strip().matches("[0-9]{1,6}")) {
                throw impossible();
            }
            layers.add(Integer.valueOf(units.strip()));
        }
        if (layers.size() > MAX_LAYERS || layers.stream().anyMatch(units -> units < 1 || units > MAX_UNITS)) {
            throw impossible();
        }
        return layers;
    }

    private UsageException impossible() {
        return new UsageException("--hidden is \"" + hidden + "\", but must list at most " + MAX_LAYERS
                + " layers of 1 to " + MAX_UNITS + " units each, such as 512,512, or be none.");
    }
}
