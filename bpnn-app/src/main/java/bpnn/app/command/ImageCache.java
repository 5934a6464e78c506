package bpnn.app.command;

import bpnn.lab.run.RunPlan;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Has images once, from wherever they come. */
final class ImageCache implements ImageSource {
    private final ImageSource source;
    private final Map<String, RunPlan.Images> images = new HashMap<>();

    ImageCache(ImageSource source) {
        this.source = source;
    }

    /** Loads images as their options say. */
    static ImageCache loading() {
        return new ImageCache((key, load) -> load.get());
    }

    @Override
    public synchronized RunPlan.Images images(String key, Supplier<RunPlan.Images> load) {
        RunPlan.Images found = images.get(key);
        if (found == null) {
            found = source.images(key, load);
            images.put(key, found);
        }
        return found;
    }
}
