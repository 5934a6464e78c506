package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.mnist.DataSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures, one folder for each class: {@code cat/1.png}, or {@code train/cat/1.png} with {@code test} and
 * {@code valid} beside it.
 */
final class PictureFolder {
    /** Pictures that all have one size keep it up to so many pixels along a side. */
    static final int LARGEST_SIDE = 64;

    /** Other pictures are brought to so many. */
    static final int USUAL_SIDE = 32;

    private static final int NAMED = 5;

    private PictureFolder() {}

    /** Whether a folder has folders with pictures, or folders of such folders with names of parts. */
    static boolean isAt(Path folder) {
        return holdsClasses(part(folder, Role.TRAIN).orElse(folder));
    }

    private static boolean holdsClasses(Path folder) {
        return PictureList.folders(folder).stream().anyMatch(PictureFolder::holdsPicture);
    }

    private static boolean holdsPicture(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.anyMatch(file -> PictureList.isPicture(file) && Files.isRegularFile(file));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** The folder of a part. One of that name that has pictures of its own is a class, as where planes and trains are told apart. */
    private static Optional<Path> part(Path folder, Role role) {
        List<Path> fitting = PictureList.folders(folder).stream()
                .filter(below -> role.isNameOf(String.valueOf(below.getFileName())) && holdsClasses(below))
                .toList();
        if (fitting.size() > 1) {
            throw new DataException("The folder " + folder + " has several folders for one part: "
                    + String.join(", ", fitting.stream().map(Path::toString).toList()) + "; keep one of them.");
        }
        return fitting.stream().findFirst();
    }

    static DataSplit load(String name, Path folder, ReadOptions options) {
        Optional<Path> training = part(folder, Role.TRAIN);
        Path root = training.orElse(folder);
        Part train = read(root, Role.TRAIN, options, null);
        if (training.isEmpty()) {
            return new Assembly(name, "pictures", train, null, null).assemble(null, options);
        }
        @Nullable
        Part validation = part(folder, Role.VALIDATION)
                .map(place -> read(place, Role.VALIDATION, options, train.shape()))
                .orElse(null);
        @Nullable
        Part test = part(folder, Role.TEST)
                .map(place -> read(place, Role.TEST, options, train.shape()))
                .orElse(null);
        return new Assembly(name, "pictures", train, validation, test).assemble(null, options);
    }

    /** @param asked the shape of the training images; null for those themselves */
    private static Part read(Path root, Role role, ReadOptions options, @Nullable ImageShape asked) {
        PictureList pictures = PictureList.of(root, options.splitSeed(), role.stream());
        if (pictures.entries().isEmpty()) {
            throw new DataException("The folder " + root
                    + " holds no picture; there should be a folder for each class, such as cat/1.png and dog/1.png.");
        }
        if (role == Role.TRAIN && pictures.classes().size() < 2) {
            throw new DataException("The folder " + root + " has pictures of one class only, "
                    + pictures.classes().get(0)
                    + ", so there is nothing to tell apart; at least 2 classes are needed.");
        }
        List<String> warnings = new ArrayList<>(pictures.warnings());
        ReadOptions sized = asked == null
                ? options
                : new ReadOptions(ImageSize.of(asked), options.splitSeed(), options.cache(), options.notice());
        DecodedPictures decoded = decoded(pictures, sized);
        warnings.addAll(decoded.warnings());
        warnOfUnreadable(pictures, decoded, warnings);
        return new Part(
                root.toString(),
                decoded.shape(),
                decoded.pixels(),
                new Labels(decoded.labels(), Optional.of(pictures.classes())),
                warnings);
    }

    private static DecodedPictures decoded(PictureList pictures, ReadOptions options) {
        PixelCache cache = new PixelCache(pictures, options);
        Optional<DecodedPictures> kept = cache.read().or(() -> inTheirOwnSize(pictures, options));
        if (kept.isPresent()) {
            return kept.get();
        }
        options.notice().accept("Decoding " + pictures.entries().size() + " pictures of " + pictures.root() + ".");
        DecodedPictures decoded = PictureDecoder.decode(pictures, options);
        cache.write(decoded);
        return decoded;
    }

    /** Pixels that were kept when no size was asked for, if theirs is the one that is now. */
    private static Optional<DecodedPictures> inTheirOwnSize(PictureList pictures, ReadOptions options) {
        ImageSize size = options.size();
        ReadOptions own = new ReadOptions(null, options.splitSeed(), options.cache(), options.notice());
        return size == null
                ? Optional.empty()
                : new PixelCache(pictures, own)
                        .read()
                        .filter(kept -> ImageSize.of(kept.shape()).equals(size));
    }

    private static void warnOfUnreadable(PictureList pictures, DecodedPictures decoded, List<String> warnings) {
        List<String> faults = decoded.unreadable();
        if (!faults.isEmpty()) {
            warnings.add(faults.size() + " of the " + pictures.entries().size() + " pictures of " + pictures.root()
                    + " cannot be read and " + (faults.size() == 1 ? "is" : "are") + " left out: "
                    + String.join(" ", faults.subList(0, Math.min(NAMED, faults.size())))
                    + (faults.size() > NAMED ? " And " + (faults.size() - NAMED) + " more." : ""));
        }
    }
}
