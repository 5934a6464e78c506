package bpnn.io.model;

import bpnn.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trained networks that judge images together.
 *
 * @param members at least one, all for the same images and classes
 * @param combination what is averaged
 */
public record Ensemble(List<Model> members, Combination combination) {
    private static final String FILE = "model.safetensors";

    /** @throws DataException if the members do not take the same images and tell the same classes apart */
    public Ensemble {
        members = List.copyOf(members);
        Model first = members.get(0);
        for (Model member : members) {
            if (!member.format().hasClassesOf(first.format())
                    || member.spec().inputs() != first.spec().inputs()
                    || !member.format().shape().equals(first.format().shape())) {
                throw new DataException(
                        "Networks that judge together must take the same images and tell the same classes"
                                + " apart, but one takes " + first.format().shape() + " and knows "
                                + first.format().listing()
                                + ", another takes " + member.format().shape() + " and knows "
                                + member.format().listing() + ".");
            }
        }
    }

    /** A single network. */
    public static Ensemble of(Model model) {
        return new Ensemble(List.of(model), Combination.PROBABILITIES);
    }

    /** The first member. */
    public Model first() {
        return members.get(0);
    }

    /**
     * The files behind a path: itself, the model of a run folder, or those of the members of an ensemble's folder.
     *
     * @throws DataException if it is a folder without any
     */
    public static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        if (Files.exists(path.resolve(FILE))) {
            return List.of(path.resolve(FILE));
        }
        List<Path> files = new ArrayList<>();
        for (int number = 1; Files.exists(member(path, number).resolve(FILE)); number++) {
            files.add(member(path, number).resolve(FILE));
        }
        if (files.isEmpty()) {
            throw new DataException(path + " holds no trained network: neither " + FILE + " nor "
                    + member(path, 1).getFileName() + "/" + FILE + " is in it.");
        }
        return files;
    }

    /** The run folder of a member, counted from 1, in the folder of its ensemble. */
    public static Path member(Path folder, int number) {
        return folder.resolve("member-" + number);
    }
}
