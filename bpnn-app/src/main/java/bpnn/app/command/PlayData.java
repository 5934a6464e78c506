package bpnn.app.command;

import bpnn.app.option.DataOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.SplitOptions;
import bpnn.app.option.UsageException;
import bpnn.app.session.Session;
import bpnn.io.image.InputPicture;
import bpnn.lab.run.RunPlan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;

/** The data sets that a page can choose from: the one it was started with, and those that are here without a download. */
final class PlayData {
    private final Session session;
    private final DataOptions data;
    private final SplitOptions split;
    private final Loaded first;
    private final List<String> names;

    /**
     * Images to play with.
     *
     * @param name by which the page chooses them
     * @param options with which {@code train} would have the same images
     * @param images with some to judge by
     */
    record Loaded(String name, Map<String, String> options, RunPlan.Images images) {}

    /** Loads the images that the options name. */
    PlayData(Session session, DataOptions data, SplitOptions split) {
        this.session = session;
        this.data = data;
        this.split = split;
        this.first = load(data.name(), session);
        Set<String> found = new LinkedHashSet<>(List.of(first.name));
        found.addAll(data.found());
        this.names = List.copyOf(found);
    }

    /** What there is to choose from. */
    List<String> names() {
        return names;
    }

    /** The images that the options name. */
    Loaded first() {
        return first;
    }

    /**
     * Other images, without a word about them.
     *
     * @throws UsageException if they are not to be chosen
     */
    Loaded load(String name) {
        if (!names.contains(name)) {
            throw new UsageException(
                    "\"" + name + "\" is none of the data sets that are here, " + String.join(", ", names)
                            + "; ./bpnn data download fetches others, and --dataset names one of your own.");
        }
        return name.equals(first.name) ? first : load(name, session.silent());
    }

    private Loaded load(String name, Session hearing) {
        data.name(name);
        RunPlan.Images images = split.divide(data.load(hearing), hearing);
        if (images.validation() == null) {
            throw new UsageException(
                    "--validation is 0, but the page judges by images that the networks do not learn from.");
        }
        InputPicture.checkFits(images.train().features(), images.train().format());
        Map<String, String> options = new TreeMap<>();
        for (Object part : List.of(data, split)) {
            options.putAll(EffectiveOptions.of(CommandSpec.forAnnotatedObject(part)));
        }
        boolean unnamed = name.equalsIgnoreCase(DataOptions.AUTO);
        return new Loaded(unnamed ? images.train().name() : name, options, images);
    }
}
