package bpnn.images;

import bpnn.data.ImageShape;
import bpnn.mnist.MnistSource;
import bpnn.mnist.RemoteFile;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A data set that is known by name. The checksums are those that publishers, torchvision or TensorFlow Datasets give for the
 * files as they are served.
 *
 * @param id its name on the command line
 * @param title what it is, in a few words
 * @param facts what it holds
 * @param classNames names of its classes, where its files do not have them; empty if they have, or numbers are their names
 * @param mirrors web folders that have its files
 * @param licence under which terms it may be used
 * @param citation the paper to cite
 * @param packing how its files come
 * @param files its files, with their checksums
 */
public record KnownDataset(
        String id,
        String title,
        Facts facts,
        List<String> classNames,
        List<URI> mirrors,
        String licence,
        String citation,
        Packing packing,
        List<RemoteFile> files) {

    /** Handwritten digits. */
    public static final KnownDataset MNIST = known(
            "mnist",
            "MNIST, handwritten digits",
            new Facts(ImageShape.grey(28, 28), 60_000, 10_000, 10),
            List.of(),
            MnistSource.mirrors().stream().map(URI::toString).toList(),
            "not stated by its authors",
            "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition, 1998",
            Packing.IDX,
            MnistSource.original("train-images-idx3-ubyte", 9_912_422),
            MnistSource.original("train-labels-idx1-ubyte", 28_881),
            MnistSource.original("t10k-images-idx3-ubyte", 1_648_877),
            MnistSource.original("t10k-labels-idx1-ubyte", 4_542));

    /** Articles of clothing. */
    public static final KnownDataset FASHION_MNIST = known(
            "fashion-mnist",
            "Fashion-MNIST, articles of clothing",
            new Facts(ImageShape.grey(28, 28), 60_000, 10_000, 10),
            List.of(
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot"),
            List.of(
                    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
            "MIT",
            "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine learning"
                    + " algorithms, 2017",
            Packing.IDX,
            file(
                    "train-images-idx3-ubyte.gz",
                    26_421_880,
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            file(
                    "train-labels-idx1-ubyte.gz",
                    29_515,
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            file(
                    "t10k-images-idx3-ubyte.gz",
                    4_422_102,
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            file(
                    "t10k-labels-idx1-ubyte.gz",
                    5_148,
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    /** Cursive Japanese. */
    public static final KnownDataset KMNIST = known(
            "kmnist",
            "Kuzushiji-MNIST, cursive Japanese",
            new Facts(ImageShape.grey(28, 28), 60_000, 10_000, 10),
            List.of("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
            List.of("https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"),
            "CC BY-SA 4.0",
            "T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha: Deep learning for classical Japanese"
                    + " literature, 2018",
            Packing.IDX,
            file(
                    "train-images-idx3-ubyte.gz",
                    18_165_135,
                    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
            file(
                    "train-labels-idx1-ubyte.gz",
                    29_497,
                    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
            file(
                    "t10k-images-idx3-ubyte.gz",
                    3_041_136,
                    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
            file(
                    "t10k-labels-idx1-ubyte.gz",
                    5_120,
                    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"));

    /** The digits of MNIST, rebuilt. */
    public static final KnownDataset QMNIST = known(
            "qmnist",
            "QMNIST, MNIST's digits rebuilt, with 60,000 test images",
            new Facts(ImageShape.grey(28, 28), 60_000, 60_000, 10),
            List.of(),
            List.of("https://raw.githubusercontent.com/facebookresearch/qmnist/master/"),
            "BSD 3-Clause",
            "C. Yadav, L. Bottou: Cold case: the lost MNIST digits, 2019",
            Packing.IDX,
            file("qmnist-train-images-idx3-ubyte.gz", 11 << 20, "ed72d4157d28c017586c42bc6afe6370"),
            file("qmnist-train-labels-idx2-int.gz", 1 << 20, "0058f8dd561b90ffdd0f734c6a30e5e4"),
            file("qmnist-test-images-idx3-ubyte.gz", 11 << 20, "1394631089c404de565df7b7aeaf9412"),
            file("qmnist-test-labels-idx2-int.gz", 1 << 20, "5b5b05890a5e13444e108efe57b788aa"));

    /** Handwritten letters. */
    public static final KnownDataset EMNIST_LETTERS = emnist(
            "emnist-letters",
            "EMNIST Letters, handwritten letters, upper and lower case together",
            new Facts(ImageShape.grey(28, 28), 124_800, 20_800, 26));

    /** Handwritten digits and letters. */
    public static final KnownDataset EMNIST_BALANCED = emnist(
            "emnist-balanced",
            "EMNIST Balanced, handwritten digits and letters, as many of each",
            new Facts(ImageShape.grey(28, 28), 112_800, 18_800, 47));

    /** Small photographs. */
    public static final KnownDataset CIFAR_10 = known(
            "cifar-10",
            "CIFAR-10, small photographs",
            new Facts(new ImageShape(32, 32, ImageShape.COLOUR), 50_000, 10_000, 10),
            List.of(),
            List.of(
                    "https://www.cs.toronto.edu/~kriz/",
                    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"),
            "not stated by its authors",
            "A. Krizhevsky: Learning multiple layers of features from tiny images, 2009",
            Packing.CIFAR,
            file(
                    "cifar-10-binary.tar.gz",
                    170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"));

    /** All of them. */
    public static final List<KnownDataset> ALL =
            List.of(MNIST, FASHION_MNIST, KMNIST, QMNIST, EMNIST_LETTERS, EMNIST_BALANCED, CIFAR_10);

    /** What comes over the network. */
    public enum Packing {
        /** The four files. */
        IDX,
        /** All sets of EMNIST in one archive. */
        EMNIST,
        /** The batches in an archive. */
        CIFAR
    }

    /**
     * What a data set holds.
     *
     * @param shape of an image
     * @param trainImages training images
     * @param testImages test images
     * @param classes number of classes
     */
    public record Facts(ImageShape shape, int trainImages, int testImages, int classes) {}

    private static KnownDataset known(
            String id,
            String title,
            Facts facts,
            List<String> classNames,
            List<String> mirrors,
            String licence,
            String citation,
            Packing packing,
            RemoteFile... files) {
        List<URI> addresses = mirrors.stream().map(URI::create).toList();
        return new KnownDataset(id, title, facts, classNames, addresses, licence, citation, packing, List.of(files));
    }

    /** One of the sets that come in the same archive. */
    private static KnownDataset emnist(String id, String title, Facts facts) {
        return known(
                id,
                title,
                facts,
                List.of(),
                List.of(
                        "https://biometrics.nist.gov/cs_links/EMNIST/",
                        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"),
                "public domain (work of the government of the United States)",
                "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST, extending MNIST to handwritten letters, 2017",
                Packing.EMNIST,
                file("gzip.zip", 561_753_746, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"));
    }

    private static RemoteFile file(String name, long bytes, String checksum) {
        return new RemoteFile(name, checksum, false, bytes);
    }

    /** The data set of a name, in upper or lower case. */
    public static Optional<KnownDataset> named(String id) {
        return ALL.stream()
                .filter(known -> known.id.equals(id.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Its name as its authors write it. */
    public String name() {
        return title.replaceFirst(",.*", "");
    }

    /** What a download takes, in bytes. */
    public long bytes() {
        return files.stream().mapToLong(RemoteFile::maxBytes).sum();
    }
}
