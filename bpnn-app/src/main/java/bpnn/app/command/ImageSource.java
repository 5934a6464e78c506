package bpnn.app.command;

import bpnn.app.option.DataOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.SplitOptions;
import bpnn.lab.run.RunPlan;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** Where runs have their images from, most of which are the same for many runs. */
@FunctionalInterface
interface ImageSource {
    /** Options that decide which images these are. */
    Set<String> OPTIONS = Stream.of(new DataOptions(), new SplitOptions())
            .flatMap(options -> CommandSpec.forAnnotatedObject(options).options().stream())
            .map(EffectiveOptions::name)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Images.
     *
     * @param key the same for the same images
     * @param load loads them
     */
    RunPlan.Images images(String key, Supplier<RunPlan.Images> load);

    /** What tells the images of a run from others. */
    static String key(Map<String, String> options) {
        Map<String, String> ofImages = new TreeMap<>(options);
        ofImages.keySet().retainAll(OPTIONS);
        return ofImages.toString();
    }
}
