package localpv

import (
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Place says which claims are served and where their data goes.
type Place struct {
	Root  string // directory that holds one directory a volume
	Node  string // value of kubernetes.io/hostname of the node that has it
	Class string // storage class served
}

// plan is what has to change.
type plan struct {
	create []*corev1.PersistentVolume
	remove []string // names of volumes; the directory has the same name
}

// decide compares claims and volumes. A claim keeps its volume's name for life,
// so deciding twice on the same state plans the same thing.
func decide(place Place, claims []*corev1.PersistentVolumeClaim, volumes []*corev1.PersistentVolume) plan {
	var p plan
	have := map[string]bool{}
	for _, v := range volumes {
		have[v.Name] = true
		ours := v.Spec.StorageClassName == place.Class && v.Spec.Local != nil
		if ours && v.Status.Phase == corev1.VolumeReleased && v.DeletionTimestamp == nil {
			p.remove = append(p.remove, v.Name)
		}
	}
	for _, c := range claims {
		wanted := c.Status.Phase == corev1.ClaimPending && c.DeletionTimestamp == nil &&
			c.Spec.StorageClassName != nil && *c.Spec.StorageClassName == place.Class
		if wanted && !have[volumeName(c)] {
			p.create = append(p.create, volumeFor(place, c))
		}
	}
	return p
}

func volumeName(c *corev1.PersistentVolumeClaim) string { return "pvc-" + string(c.UID) }

func volumeFor(place Place, c *corev1.PersistentVolumeClaim) *corev1.PersistentVolume {
	mode := corev1.PersistentVolumeFilesystem
	onNode := corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{
		{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{place.Node}},
	}}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: volumeName(c)},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:         c.Spec.Resources.Requests,
			AccessModes:      c.Spec.AccessModes,
			VolumeMode:       &mode,
			StorageClassName: place.Class,
			// Kubernetes cannot delete a "local" volume itself: it is released and
			// then removed by this controller.
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimRetain,
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				Local: &corev1.LocalVolumeSource{Path: filepath.Join(place.Root, volumeName(c))},
			},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: c.Namespace, Name: c.Name, UID: c.UID,
			},
			NodeAffinity: &corev1.VolumeNodeAffinity{
				Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{onNode}},
			},
		},
	}
}
